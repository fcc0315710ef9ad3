import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue, type CatalogueEntry } from '../packages/sdk/src/catalogue/catalogue.js';
import { root } from './build.js';

/** Part of `npm run generate`: docs/errors.md is the catalogue of refusals and errors, written out. */
await writeFile(join(root, 'docs/errors.md'), errorsPage(Object.entries(catalogue)));

function errorsPage(entries: readonly (readonly [string, CatalogueEntry])[]): string {
  return `# Refusals and errors

<!-- Written by \`npm run generate\` from packages/sdk/src/catalogue/catalogue.ts. Do not edit. -->

The server, the SDK, the REST API and this page speak from one catalogue. A reason travels as \`google.rpc.ErrorInfo\`
(domain \`giro\`) over gRPC, as \`reason\` of the error in the SDK, and as \`reason\` of an RFC 9457 problem over REST.

A **frozen** refusal depended on the state of the books. It is recorded, and answers its id for ever, so that a retry can
never turn a reported failure into a success: to try again, use a new id. After any other refusal the id is still free.

| reason | gRPC | REST | frozen |
|---|---|---|---|
${entries.map(([reason, { code, http, frozen }]) => `| [${reason}](#${reason.toLowerCase()}) | ${code} | ${http} | ${frozen ? 'yes' : 'no'} |`).join('\n')}

${entries.map(section).join('\n')}`;
}

function section([reason, { message, meaning, remedy }]: readonly [string, CatalogueEntry]): string {
  return `## ${reason}

${meaning}

- Says: \`${message}\`
- To do: ${remedy}
`;
}
