/** What a bundle for Node.js takes of the built SDK, minified and compressed by brotli. */
const sdk = {
  path: 'packages/sdk/dist/index.js',
  modifyEsbuildConfig: (config) => ({ ...config, platform: 'node' }),
};

export default [
  {
    ...sdk,
    name: '@giro/sdk: all of our own code',
    import: '*',
    // Their size is not ours to choose, and what we write should show.
    ignore: ['@grpc/grpc-js', '@bufbuild/protobuf', 'uuidv7'],
    limit: '44 kB',
  },
  { ...sdk, name: '@giro/sdk: { Bank } with its dependencies', import: '{ Bank }', limit: '140 kB' },
];
