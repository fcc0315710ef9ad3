import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A type of the Kubernetes 1.27 API, as the library cdk8s-plus-27 describes it for other languages. */
interface JsiiType {
  readonly kind: 'interface' | 'class' | 'enum';
  readonly docs?: { readonly custom?: { readonly schema?: string } };
  readonly properties?: readonly JsiiProperty[];
}

interface JsiiProperty {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: JsiiReference;
}

type JsiiReference =
  | { readonly primitive: string }
  | { readonly fqn: string }
  | { readonly collection: { readonly kind: 'array' | 'map'; readonly elementtype: JsiiReference } };

const library = 'cdk8s-plus-27.k8s.';
const require = createRequire(import.meta.url);
const types = readTypes();
const abbreviations = readAbbreviations();

/**
 * What is wrong with an object by the types of Kubernetes 1.27, each with the path of its field. Unknown fields are wrong,
 * as they are to an API server that validates strictly.
 */
export function misfits(object: Readonly<Record<string, unknown>>): string[] {
  const { apiVersion, kind, ...fields } = object;
  const name = kubeType(String(apiVersion), String(kind));
  if (name === undefined) return [`kind: there is no ${String(kind)} of ${String(apiVersion)}`];
  return misfitsOfStruct(`${name}Props`, fields, '');
}

/** `Kube` and the kind, with the version appended where several have the kind. */
function kubeType(apiVersion: string, kind: string): string | undefined {
  const suffix = `${apiVersion.replace('/', '.')}.${kind}`;
  const found = Object.entries(types).find(([, { docs }]) => {
    const schema = docs?.custom?.schema ?? '';
    return schema.startsWith('io.k8s.api.') && schema.slice('io.k8s.api.'.length) === canonical(suffix);
  });
  return found?.[0];
}

/** The core group has no name in an `apiVersion`, and a group's domain none in a schema. */
function canonical(suffix: string): string {
  const parts = suffix.split('.');
  const [version, kind] = [parts.at(-2) ?? '', parts.at(-1) ?? ''];
  const group = parts.length === 2 ? 'core' : (parts[0] ?? '');
  return `${group}.${version}.${kind}`;
}

function misfitsOfStruct(fqn: string, value: unknown, path: string): string[] {
  const type = types[fqn];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: is no object`];
  const known = new Map(type?.properties?.map((property) => [jsonName(property.name), property]));
  const missing = [...known].filter(([name, { optional = false }]) => !optional && !(name in value));
  return [
    ...missing.map(([name]) => `${path}/${name}: is missing`),
    ...Object.entries(value).flatMap(([name, field]) => {
      const property = known.get(name);
      if (property === undefined) return [`${path}/${name}: is unknown`];
      return misfitsOf(property.type, field, `${path}/${name}`);
    }),
  ];
}

function misfitsOf(type: JsiiReference, value: unknown, path: string): string[] {
  if ('primitive' in type) return misfitsOfPrimitive(type.primitive, value, path);
  if ('collection' in type) {
    const { kind, elementtype } = type.collection;
    const fits = typeof value === 'object' && value !== null && Array.isArray(value) === (kind === 'array');
    if (!fits) return [`${path}: is no ${kind}`];
    return Object.entries(value).flatMap(([key, item]) => misfitsOf(elementtype, item, `${path}/${key}`));
  }
  if (types[type.fqn]?.kind === 'interface') return misfitsOfStruct(type.fqn, value, path);
  // IntOrString and Quantity are classes in the library, and plain values in an object
  return ['string', 'number'].includes(typeof value) ? [] : [`${path}: is neither a string nor a number`];
}

function misfitsOfPrimitive(primitive: string, value: unknown, path: string): string[] {
  if (primitive === 'any' || primitive === 'json' || typeof value === primitive) return [];
  // moments are objects in the library, and text in an object
  if (primitive === 'date' && typeof value === 'string') return [];
  return [`${path}: is no ${primitive}`];
}

/** The library writes `clusterIp` for what is `clusterIP` in an object. */
function jsonName(name: string): string {
  return abbreviations.get(name) ?? name;
}

function readTypes(): Readonly<Record<string, JsiiType>> {
  const file = require.resolve('cdk8s-plus-27/.jsii');
  const { types: all } = JSON.parse(readFileSync(file, 'utf8')) as { types: Record<string, JsiiType> };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(library)));
}

/** From the code with which the library writes objects: `'clusterIP': obj.clusterIp`. */
function readAbbreviations(): ReadonlyMap<string, string> {
  const code = readFileSync(require.resolve('cdk8s-plus-27/lib/imports/k8s.js'), 'utf8');
  const pairs = [...code.matchAll(/'(\w+)': [^\n]*?obj\.(\w+)/g)].map(([, json = '', name = '']) => ({
    json,
    name,
  }));
  return new Map(
    pairs
      .filter(({ json, name }) => json !== name && json.toLowerCase() === name.toLowerCase())
      .map(({ json, name }) => [name, json]),
  );
}
