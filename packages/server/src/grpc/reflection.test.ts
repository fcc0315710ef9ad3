/** Reflection as grpcurl and its like use it: list the services, then ask for the files that describe them. */
import { fileURLToPath } from 'node:url';
import { create, createFileRegistry, fromBinary, type FileRegistry } from '@bufbuild/protobuf';
import {
  FeatureSet_FieldPresence,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { credentials, makeGenericClientConstructor, type ClientDuplexStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestBank, type TestBank } from './bank.fixture.js';

const PROTO_DIR = fileURLToPath(new URL('.', import.meta.resolve('@grpc/reflection'))) + '../proto/';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(() => bank.close());

describe.each(['v1', 'v1alpha'])('grpc.reflection.%s', (version) => {
  test('lists the services, the one without a package by its plain name', async () => {
    const [answer] = await ask(version, { listServices: '' });
    const names = answer?.listServicesResponse?.service.map(({ name }) => name).toSorted();
    expect(names).toEqual([
      'Bank',
      'giro.v1.AccountService',
      'giro.v1.BranchService',
      'giro.v1.JournalService',
      'giro.v1.TransferService',
    ]);
  });

  test('gives the file of a symbol and all its imports, with and without a package', async () => {
    const [bankFile, bankMethod, bankMessage, named, transfers, transfersMessage] = await ask(
      version,
      { fileContainingSymbol: 'Bank' },
      { fileContainingSymbol: 'Bank.Deposit' },
      { fileContainingSymbol: 'DepositRequest' },
      { fileByFilename: 'seed/bank.proto' },
      { fileContainingSymbol: 'giro.v1.TransferService' },
      { fileContainingSymbol: 'giro.v1.DepositRequest' },
    ).then((answers) => answers.map(({ fileDescriptorResponse }) => fileDescriptorResponse));
    expect(
      registryOf(bankFile!)
        .getService('Bank')
        ?.methods.map(({ name }) => name),
    ).toEqual(['InitializeBranch', 'Deposit', 'Withdraw', 'Query']);
    expect([bankMethod, bankMessage, named]).toEqual([bankFile, bankFile, bankFile]);
    expect(transfersMessage).toEqual(transfers);
    const branch = registryOf(transfers!).getMessage('giro.v1.GetTransferRequest')?.field['branch'];
    expect(branch?.presence).toBe(FeatureSet_FieldPresence.EXPLICIT);
  });

  test('answers what it does not know with an error in the answer', async () => {
    const answers = await ask(
      version,
      { fileContainingSymbol: 'Nothing' },
      { fileContainingSymbol: 'giro.v1.Nothing' },
      { fileByFilename: 'nothing.proto' },
      { allExtensionNumbersOfType: 'Bank' },
      {},
    );
    const codes = answers.map(({ errorResponse }) => errorResponse?.errorCode);
    expect(codes).toEqual([5, 5, 5, 12, 12]);
  });
});

interface Answer {
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
  errorResponse?: { errorCode: number };
}

/** What a client makes of the files; it fails if one refers to something that is in none of them. */
function registryOf({ fileDescriptorProto }: { fileDescriptorProto: Buffer[] }): FileRegistry {
  const files = fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  const inOrder: FileDescriptorProto[] = [];
  const add = (file: FileDescriptorProto | undefined) => {
    if (file === undefined || inOrder.includes(file)) return;
    for (const imported of file.dependency) add(files.find(({ name }) => name === imported));
    inOrder.push(file);
  };
  add(files[0]);
  return createFileRegistry(create(FileDescriptorSetSchema, { file: inOrder }));
}

/** Sends requests over one stream and returns the answers, in order. */
async function ask(version: string, ...requests: object[]): Promise<Answer[]> {
  const name = `grpc.reflection.${version}.ServerReflection`;
  const definitions = loadSync(`${PROTO_DIR}grpc/reflection/${version}/reflection.proto`, { oneofs: true });
  const Reflection = makeGenericClientConstructor(definitions[name] as never, name);
  const client = new Reflection(bank.address, credentials.createInsecure());
  try {
    const stream = (client['ServerReflectionInfo'] as () => ClientDuplexStream<object, Answer>).call(client);
    for (const request of requests) stream.write(request);
    stream.end();
    return (await stream.toArray()) as Answer[];
  } finally {
    client.close();
  }
}
