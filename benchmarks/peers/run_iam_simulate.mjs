// @cloud-copilot/iam-simulate, run as its documentation shows: `node run_iam_simulate.mjs CASES.json SECONDS`.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(process.cwd() + '/package.json')
const { runSimulation } = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')))

const named = (policy, number) => ({ name: `p${number}`, policy })
const cpuSeconds = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6 }

function simulation(given, [action, resource, address]) {
  const { policies, principal, account, context } = given
  return {
    request: {
      principal, action, resource: { resource, accountId: account },
      contextVariables: { ...context, 'aws:SourceIp': address },
    },
    identityPolicies: policies.identity.map(named),
    serviceControlPolicies: (policies.scps ?? []).map((level, number) => ({ orgIdentifier: `ou-${number}`, policies: level.map(named) })),
    resourceControlPolicies: [],
    ...(policies.resource ? { resourcePolicy: policies.resource } : {}),
    ...(policies.boundary ? { permissionBoundaryPolicies: [named(policies.boundary, 99)] } : {}),
  }
}

async function rate(given, requests, seconds) {
  const start = cpuSeconds()
  for (let decided = 0; ; decided++) {
    await runSimulation(simulation(given, requests[decided % requests.length]), {})
    const took = cpuSeconds() - start
    if (took >= seconds) return (decided + 1) / took
  }
}

const [, , file, seconds] = process.argv
const rates = {}
for (const [name, given] of Object.entries(JSON.parse(readFileSync(file, 'utf8')))) {
  const answer = await runSimulation(simulation(given, given.requests[0]), {})
  if (answer.overallResult !== 'Allowed') {
    console.error(`${name}: ${answer.overallResult} ${JSON.stringify(answer.errors ?? '').slice(0, 300)}`)
    process.exit(1)
  }
  rates[name] = { repeated: await rate(given, given.requests.slice(0, 1), +seconds), different: await rate(given, given.requests, +seconds) }
}
console.log(JSON.stringify(rates))
