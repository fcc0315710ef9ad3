import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createFileRegistry, fromBinary, toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** The proto files of the services, in the form in which reflection hands them out: serialized descriptors. */
export interface DescribedFiles {
  /** Full names of all services. */
  readonly services: readonly string[];
  /** The file of this name, and all that it imports. */
  named(name: string): Uint8Array[] | undefined;
  /** The file that declares a message, enum or service, or a member of one of them, and all that it imports. */
  declaring(symbol: string): Uint8Array[] | undefined;
}

/** Reads the descriptors that `buf build` made from the proto files, and that lie beside package.json. */
export function readDescribedFiles(): DescribedFiles {
  const manifest = createRequire(import.meta.url).resolve('@giro/server/package.json');
  const bytes = readFileSync(join(dirname(manifest), 'descriptors.binpb'));
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
  const files = Array.from(registry.files);
  return {
    services: files.flatMap((file) => file.services.map(({ typeName }) => typeName)),
    named: (name) => serialized(files.find(({ proto }) => proto.name === name)),
    declaring: (symbol) => {
      const parent = symbol.slice(0, symbol.lastIndexOf('.'));
      return serialized((registry.get(symbol) ?? registry.get(parent))?.file);
    },
  };
}

function serialized(file: DescFile | undefined): Uint8Array[] | undefined {
  if (file === undefined) return undefined;
  return Array.from(withImports(file), ({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
}

function withImports(file: DescFile, found = new Set<DescFile>()): Set<DescFile> {
  found.add(file);
  for (const imported of file.dependencies) if (!found.has(imported)) withImports(imported, found);
  return found;
}
