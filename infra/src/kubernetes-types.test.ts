import { describe, expect, it } from 'vitest';
import { misfits } from './testing/kubernetes-types.js';
import { environmentManifests } from './testing/manifest.js';
import { variants } from './testing/variants.js';

/** Kinds that an operator brings, which Kubernetes itself has no types for. */
const operators = ['ServiceMonitor', 'PrometheusRule'];

describe.each(Object.entries(variants))('every object of %s', (_name, environment) => {
  const manifests = environmentManifests(environment).filter(({ kind }) => !operators.includes(kind));

  it.each(manifests.map((manifest) => [`${manifest.kind}/${manifest.metadata.name}`, manifest] as const))(
    '%s is strictly of its Kubernetes 1.27 type',
    (_object, manifest) => {
      expect(misfits({ ...manifest })).toEqual([]);
    },
  );
});

describe('the check against Kubernetes’ types', () => {
  const port = { port: 1, name: 'a' };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [port] } };

  it.each([
    ['an unknown kind', { ...service, kind: 'Servise' }, 'kind: there is no Servise of v1'],
    ['a kind of another version', { ...service, apiVersion: 'v2' }, 'kind: there is no Service of v2'],
    ['a mistyped field', { ...service, spec: { port: [] } }, '/spec/port: is unknown'],
    [
      'a text for a number',
      { ...service, spec: { ports: [{ port: '1' }] } },
      '/spec/ports/0/port: is no number',
    ],
    ['a missing field', { ...service, spec: { ports: [{ name: 'a' }] } }, '/spec/ports/0/port: is missing'],
    ['one for a list', { ...service, spec: { ports: port } }, '/spec/ports: is no array'],
    ['a value for an object', { ...service, spec: 'a' }, '/spec: is no object'],
    [
      'a truth for a number or text',
      { ...service, spec: { ports: [{ port: 1, targetPort: true }] } },
      '/spec/ports/0/targetPort: is neither a string nor a number',
    ],
  ])('names %s', (_what, object, misfit) => {
    expect(misfits(object)).toEqual([misfit]);
  });
});
