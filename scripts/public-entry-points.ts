import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './build.js';

/** A way into a published package whose names are promised to stay. */
export interface EntryPoint {
  /** Path of the package's directory. */
  readonly packageDir: string;
  /** What a program imports: `@giro/server/embedded`. */
  readonly specifier: string;
  /** Path of the built declarations. */
  readonly types: string;
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Conditions>>;
}

interface Conditions {
  readonly types?: string;
  readonly import?: { readonly types: string };
}

/** The packages that are published, in the order in which they need each other. */
export const PUBLISHED_PACKAGES = ['sdk', 'server', 'api'] as const;

/** Exported for other packages of this repository; docs/support.md says that it is no part of the public interface. */
const INTERNAL = ['@giro/sdk/protocol'];

/** What the packages' manifests export to the public. */
export async function publicEntryPoints(): Promise<EntryPoint[]> {
  const found = await Promise.all(
    PUBLISHED_PACKAGES.map((name) => entryPointsOf(join(root, 'packages', name))),
  );
  return found.flat().filter(({ specifier }) => !INTERNAL.includes(specifier));
}

async function entryPointsOf(packageDir: string): Promise<EntryPoint[]> {
  const { name, exports } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as Manifest;
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return [];
    const types = target.import?.types ?? target.types;
    if (types === undefined) throw new Error(`${name}: the export '${path}' has no types`);
    return [{ packageDir, specifier: join(name, path), types: join(packageDir, types) }];
  });
}
