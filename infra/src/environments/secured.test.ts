import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { environmentManifests, ofKind } from '../testing/manifest.js';
import { production } from './production.js';
import { secured } from './secured.js';

it('docs/operations.md has the Secrets made that are needed beyond production’s, with all their keys', async () => {
  const page = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const commands = page.matchAll(/^kubectl create secret generic (\S+)((?:.*\\\n)*.*)$/gm);
  const made = [...commands].flatMap(([, name = '', options = '']) =>
    [...options.matchAll(/--from-(?:file|literal)=([\w.-]+)/g)].map(([, key = '']) => `${name}/${key}`),
  );
  const needed = secretKeys(secured).filter((key) => !secretKeys(production).includes(key));
  expect(new Set(made)).toEqual(new Set(needed));
});

/** Each key of a Secret that some pod gets. */
function secretKeys(environment: typeof secured): string[] {
  const pods = ofKind(environmentManifests(environment), 'Deployment').map(({ spec }) => spec.template.spec);
  return pods.flatMap(({ containers, volumes }) => [
    ...volumes.flatMap(({ secret }) => secret?.items.map(({ key }) => `${secret.secretName}/${key}`) ?? []),
    ...containers.flatMap(({ env }) =>
      env.flatMap(({ valueFrom }) =>
        valueFrom === undefined ? [] : `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`,
      ),
    ),
  ]);
}
