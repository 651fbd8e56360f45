"""Volumes, images and key pairs."""

from __future__ import annotations

import shutil
import subprocess

import pytest

# Source: made by `ssh-keygen -t ed25519`, with the fingerprint that `ssh-keygen -l` gives.
PUBLIC_ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOx8u1oOMbyMK5crgsYRkVEE5pSjud2bYPwZJAlUYxoR test"


def test_a_volume_goes_from_one_instance_to_another(ec2, run, refusal):
    first, second = (each["InstanceId"] for each in run(2))
    made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=10, VolumeType="gp3")
    assert (made["State"], made["Iops"], made["Throughput"]) == ("creating", 3000, 125)
    volume = made["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume])
    ec2.attach_volume(VolumeId=volume, InstanceId=first, Device="/dev/sdf")
    ec2.get_waiter("volume_in_use").wait(VolumeIds=[volume])
    assert refusal(ec2.attach_volume, VolumeId=volume, InstanceId=second, Device="/dev/sdf") == (
        "VolumeInUse",
        f"{volume} is already attached to an instance",
    )
    assert refusal(ec2.delete_volume, VolumeId=volume) == (
        "VolumeInUse",
        f"Volume {volume} is currently attached to {first}",
    )
    assert ec2.detach_volume(VolumeId=volume)["State"] == "detaching"
    assert refusal(ec2.detach_volume, VolumeId=volume) == (
        "IncorrectState",
        f"Volume '{volume}' is in the 'available' state.",
    )
    ec2.attach_volume(VolumeId=volume, InstanceId=second, Device="/dev/sdf")
    ec2.terminate_instances(InstanceIds=[second])
    ec2.delete_volume(VolumeId=volume)
    assert refusal(ec2.describe_volumes, VolumeIds=[volume]) == (
        "InvalidVolume.NotFound",
        f"The volume '{volume}' does not exist.",
    )


def test_a_volume_is_of_the_zone_of_its_instance(ec2, run, refusal):
    instance = run()[0]["InstanceId"]
    volume = ec2.create_volume(AvailabilityZone="us-east-1c", Size=1)["VolumeId"]
    assert refusal(ec2.attach_volume, VolumeId=volume, InstanceId=instance, Device="/dev/sdf") == (
        "InvalidVolume.ZoneMismatch",
        f"The volume '{volume}' is not in the same availability zone as instance '{instance}'",
    )


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({"VolumeType": "gp9"}, "InvalidParameterValue"),
        ({"Size": 100_000}, "InvalidParameterValue"),
        ({"VolumeType": "io1"}, "InvalidParameterCombination"),
        ({"VolumeType": "gp2", "Iops": 300}, "InvalidParameterCombination"),
    ],
)
def test_volumes_that_cannot_be(ec2, refusal, others, code):
    assert refusal(ec2.create_volume, **{"AvailabilityZone": "us-east-1a", "Size": 8} | others)[0] == code


def test_a_client_token_gets_the_same_volume_again(ec2):
    request = {"AvailabilityZone": "us-east-1a", "Size": 8}
    ids = {ec2.create_volume(**request, ClientToken=token)["VolumeId"] for token in ("a", "b", "a")}
    assert {each["VolumeId"] for each in ec2.describe_volumes()["Volumes"]} == ids
    assert len(ids) == 2


def test_there_are_no_snapshots(ec2, refusal):
    assert refusal(ec2.create_volume, AvailabilityZone="us-east-1a", SnapshotId="snap-12345678") == (
        "InvalidSnapshot.NotFound",
        "The snapshot 'snap-12345678' does not exist.",
    )


def test_public_images_are_amazons(ec2):
    assert {each["ImageOwnerAlias"] for each in ec2.describe_images(Owners=["amazon"])["Images"]} == {"amazon"}
    assert ec2.describe_images(Owners=["self"])["Images"] == []
    windows = ec2.describe_images(Filters=[{"Name": "platform", "Values": ["windows"]}])["Images"]
    assert all(each["PlatformDetails"] == "Windows" for each in windows)
    (ubuntu,) = ec2.describe_images(
        Owners=["099720109477"], Filters=[{"Name": "name", "Values": ["ubuntu/images/*/ubuntu-jammy-*"]}]
    )["Images"]
    assert ec2.describe_images(ImageIds=[ubuntu["ImageId"]])["Images"] == [ubuntu]


def test_an_image_made_from_an_instance_can_be_run(ec2, run, refusal):
    instance = run(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 25}}])[0]["InstanceId"]
    image = ec2.create_image(InstanceId=instance, Name="golden")["ImageId"]
    ec2.get_waiter("image_available").wait(ImageIds=[image])
    (found,) = ec2.describe_images(Owners=["self"])["Images"]
    assert (found["SourceInstanceId"], found["Public"]) == (instance, False)
    (copy,) = run(ImageId=image)
    assert copy["ImageId"] == image
    assert refusal(ec2.create_image, InstanceId=instance, Name="golden") == (
        "InvalidAMIName.Duplicate",
        f"AMI name golden is already in use by AMI {image}",
    )
    ec2.deregister_image(ImageId=image)
    assert refusal(ec2.describe_images, ImageIds=[image]) == (
        "InvalidAMIID.NotFound",
        f"The image id '[{image}]' does not exist",
    )


def test_an_image_can_be_registered(ec2, image, refusal):
    devices = [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 9}}]
    made = ec2.register_image(
        Name="own", RootDeviceName="/dev/sda1", Architecture="x86_64", BlockDeviceMappings=devices
    )["ImageId"]
    assert ec2.describe_images(ImageIds=[made])["Images"][0]["RootDeviceName"] == "/dev/sda1"
    assert refusal(ec2.deregister_image, ImageId=image) == ("AuthFailure", f"Not authorized for image:{image}")


def test_a_new_key_pair_is_a_real_one(ec2, refusal, tmp_path):
    made = ec2.create_key_pair(KeyName="mine")
    (found,) = ec2.describe_key_pairs(KeyNames=["mine"], IncludePublicKey=True)["KeyPairs"]
    assert found["KeyFingerprint"] == made["KeyFingerprint"]
    assert refusal(ec2.create_key_pair, KeyName="mine") == ("InvalidKeyPair.Duplicate", "The keypair already exists")
    if openssl := shutil.which("openssl"):
        file = tmp_path / "key.pem"
        file.write_text(made["KeyMaterial"] + "\n")
        checked = subprocess.run([openssl, "rsa", "-in", file, "-check", "-noout"], capture_output=True, text=True)
        assert "RSA key ok" in checked.stdout + checked.stderr
        pkcs8 = [openssl, "pkcs8", "-in", file, "-topk8", "-nocrypt", "-outform", "DER"]
        der = subprocess.run(pkcs8, capture_output=True, check=True).stdout
        digest = subprocess.run([openssl, "sha1", "-c"], input=der, capture_output=True, check=True).stdout
        assert made["KeyFingerprint"] in digest.decode()
    ec2.delete_key_pair(KeyName="mine")
    ec2.delete_key_pair(KeyName="mine")  # no error
    assert refusal(ec2.describe_key_pairs, KeyNames=["mine"]) == (
        "InvalidKeyPair.NotFound",
        "The key pair 'mine' does not exist",
    )


def test_the_same_seed_gives_the_same_key(ec2):
    made = ec2.create_key_pair(KeyName="first")["KeyMaterial"]
    assert made.startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    assert made != ec2.create_key_pair(KeyName="second")["KeyMaterial"]


def test_a_public_key_can_be_imported(ec2, run, refusal):
    made = ec2.import_key_pair(KeyName="mine", PublicKeyMaterial=PUBLIC_ED25519.encode())
    assert made["KeyFingerprint"] == "ksuQELgXEW0TMoxKLe/yZHCURFrxEtGukxd5Jfo5V+8="
    (found,) = ec2.describe_key_pairs(KeyPairIds=[made["KeyPairId"]])["KeyPairs"]
    assert found["KeyType"] == "ed25519"
    assert run(KeyName="mine")[0]["KeyName"] == "mine"
    assert refusal(ec2.import_key_pair, KeyName="bad", PublicKeyMaterial=b"ssh-rsa nonsense") == (
        "InvalidKey.Format",
        "Key is not in valid OpenSSH public key format",
    )


def test_an_imported_rsa_key_has_the_fingerprint_of_its_public_half(ec2):
    ec2.create_key_pair(KeyName="made")
    public = ec2.describe_key_pairs(KeyNames=["made"], IncludePublicKey=True)["KeyPairs"][0]["PublicKey"]
    imported = ec2.import_key_pair(KeyName="imported", PublicKeyMaterial=public.encode())
    assert len(imported["KeyFingerprint"].split(":")) == 16


def test_key_pairs_that_are_not_made_yet(ec2, refusal):
    assert refusal(ec2.create_key_pair, KeyName="k", KeyType="ed25519")[0] == "NotMocked"
