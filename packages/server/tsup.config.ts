import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    bin: 'src/bin.ts',
    embedded: 'src/embedded.ts',
    testing: 'src/testing.ts',
    // A program of its own: it outlives the server to stop PostgreSQL after it.
    guardian: 'src/embedded/guardian.ts',
  },
  format: ['esm'],
  target: 'node20',
  clean: true,
  sourcemap: true,
  dts: {
    entry: { index: 'src/index.ts', embedded: 'src/embedded.ts', testing: 'src/testing.ts' },
    compilerOptions: { ignoreDeprecations: '6.0' },
    banner: '/// <reference lib="esnext.disposable" />',
  },
});
