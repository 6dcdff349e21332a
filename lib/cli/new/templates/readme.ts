import { isVendored, type Plan } from '../plan.js'

/** `README.md`: the commands of this project. */
export const readmeFile = (plan: Plan): string => {
  const { id, name, route, frontend } = plan
  return [
    `# ${name}`,
    '',
    'A plugin for Toru Steering Center, made with toru-plugin-api.',
    '',
    '| file | what it is |',
    '| --- | --- |',
    '| `src/plugin.ts` | the plugin: a class whose methods answer requests |',
    '| `src/main.ts` | what the host runs: it registers an object of that class |',
    '| `src/plugin.test.ts` | its tests, which need neither a host nor a socket |',
    ...(frontend
      ? [
          '| `frontend/main.ts` | what the browser loads: a view that fills an element |',
          '| `frontend/style.css` | its style, which applies to this plugin only |',
          '| `frontend/client.ts` | the routes with their types, written by `npm run client` and with every build: a changed route is a type error where the frontend calls it |',
        ]
      : []),
    '',
    '```sh',
    'npm install',
    'npm test                  # compiles and tests',
    `npm run dev               # a development host, with a page: ${frontend ? 'both halves reload' : 'it reloads'} as you type`,
    'npm run build',
    'node dist/main.js         # runs it by hand: it says where it listens and how to talk to it',
    `npm run pack              # one self-contained file: packed/${id}.binary${frontend ? ', and the bundle of the frontend' : ''}`,
    'npm run check             # starts that file as a host does, and tests its answers',
    'npx toru-plugin install /path/to/the/hosts/plugins',
    '```',
    '',
    'A host finds a new plugin when it starts. After you replace one, disable and enable it there.',
    '',
    ...(isVendored(plan) ? [VENDORED, ''] : []),
    `Requests reach it under \`/api/plugins/route${route}/\`: \`GET …${route}/\`, \`GET …${route}/greetings/world\`, \`POST …${route}/greetings\`.`,
    '',
  ].join('\n')
}

const VENDORED = `\`vendor/\` has the package toru-plugin-api, which was not installed from a registry when this project was made. Commit it. This changes to the published package:

\`\`\`sh
npm install toru-plugin-api@^1 && rm -r vendor
\`\`\``
