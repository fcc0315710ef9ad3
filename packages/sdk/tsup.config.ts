import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/opentelemetry.ts', 'src/protocol.ts'],
  format: ['esm', 'cjs'],
  target: 'node20',
  clean: true,
  sourcemap: true,
  // One copy of each class in the two CommonJS entries, as in the ESM ones.
  splitting: true,
  dts: {
    compilerOptions: { ignoreDeprecations: '6.0' },
    banner: '/// <reference lib="esnext.disposable" />',
  },
});
