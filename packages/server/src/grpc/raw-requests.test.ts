/** What no generated client sends: bytes that are no message, too many of them, and methods that do not exist. */
import { once } from 'node:events';
import { connect as connectHttp2, constants, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Client, credentials, status, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import {
  AccountServiceService,
  BranchServiceService,
  JournalServiceService,
  MESSAGE_BYTES_MAX,
  seed,
  TransferServiceService,
} from '@giro/sdk/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { initialize, refusedCall, startTestBank, type RefusedCall, type TestBank } from './bank.fixture.js';

const services: ServiceDefinition[] = [
  BranchServiceService,
  AccountServiceService,
  TransferServiceService,
  JournalServiceService,
  seed.BankService,
];
const paths = services.flatMap((service) => Object.values(service).map(({ path }) => path));

const DEPOSIT = TransferServiceService.deposit.path;

let bank: TestBank;
let client: Client;
beforeAll(async () => {
  bank = await startTestBank();
  client = new Client(bank.address, credentials.createInsecure(), { 'grpc.max_send_message_length': -1 });
  await initialize(bank, 0, 0n);
});
afterEach(async () => {
  const { position } = await bank.getTrialBalance({ branch: 0 });
  expect(position?.position).toBe(3n);
});
afterAll(async () => {
  client.close();
  await bank.close();
});

test.each(paths)('garbage sent to %s', async (path) => {
  const garbage = [
    Buffer.from([0xff]),
    Buffer.alloc(64, 0xff),
    Buffer.from('0a7f', 'hex'),
    Buffer.from('1a0a08', 'hex'),
  ];
  for (const bytes of garbage) {
    expect(await send(path, bytes)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_FIELD',
      metadata: { field: 'request', problem: expect.stringContaining(path) as string },
    });
  }
});

test('fields of the wrong type are as good as missing', async () => {
  // Field 1, the id, as a number; then nothing, and a message of nothing but zeros.
  for (const bytes of [Buffer.from('0801', 'hex'), Buffer.alloc(0), Buffer.alloc(8)]) {
    expect(await send(DEPOSIT, bytes)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'id', problem: 'is missing' },
    });
  }
});

test('a message of 10 MB, and one just too large', async () => {
  for (const length of [10_000_000, MESSAGE_BYTES_MAX + 1]) {
    const expected = { code: 'RESOURCE_EXHAUSTED', reason: 'PAYLOAD_TOO_LARGE' };
    expect(await send(DEPOSIT, Buffer.alloc(length, 0x0a))).toMatchObject(expected);
    expect(await send('/Bank/Deposit', Buffer.alloc(length, 0x0a))).toMatchObject(expected);
  }
});

test('far more than that is cut off, compressed or not', async () => {
  const bytes = Buffer.alloc(40_000_000, 0x0a);
  expect(await send(DEPOSIT, bytes)).toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
  const bomb = await overHttp2(DEPOSIT, frame(gzipSync(bytes), 1), { 'grpc-encoding': 'gzip' });
  expect(bomb['grpc-status']).toBe('8');
});

test('a method or service that does not exist', async () => {
  for (const path of ['/giro.v1.TransferService/Steal', '/giro.v9.Nothing/At', '/Bank/deposit', '/%ff', '/'])
    expect(await send(path, Buffer.alloc(0))).toMatchObject({ code: 'UNIMPLEMENTED' });
});

const { INTERNAL, UNIMPLEMENTED } = status;
const broken: [string, string | number, Buffer, Record<string, string>][] = [
  [
    'a message that is not compressed as it says',
    `${INTERNAL}`,
    frame(Buffer.from('x'), 1),
    { 'grpc-encoding': 'gzip' },
  ],
  ['an unknown compression', `${UNIMPLEMENTED}`, frame(Buffer.alloc(0), 1), { 'grpc-encoding': 'zstd' }],
  ['a message shorter than it says', `${UNIMPLEMENTED}`, Buffer.from([0, 0, 0, 0, 9, 1]), {}],
  ['no message', `${UNIMPLEMENTED}`, Buffer.alloc(0), {}],
  ['two messages', `${UNIMPLEMENTED}`, Buffer.concat([frame(Buffer.from([1])), frame(Buffer.from([2]))]), {}],
  ['a deadline that is none', `${INTERNAL}`, frame(Buffer.alloc(0)), { 'grpc-timeout': 'soon' }],
  ['another content type', 415, Buffer.from('{}'), { 'content-type': 'application/json' }],
  ['a path of control characters', 'reset', Buffer.alloc(0), { ':path': '/\u00ff\u0001' }],
];

test.each(broken)('%s is answered with %s', async (_, expected, bytes, headers) => {
  const answer = await overHttp2(DEPOSIT, bytes, headers);
  expect(answer['grpc-status'] ?? answer[':status'] ?? 'reset').toBe(expected);
});

test('what is not even HTTP/2 is hung up on', async () => {
  const [host = '', port = ''] = bank.address.split(':');
  const socket = connectTcp(Number(port), host);
  socket.on('error', () => undefined).resume();
  socket.write('POST /Bank/Deposit HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
  await once(socket, 'close');
});

test('a caller that hangs up, or whose deadline passes, leaves the server as it was', async () => {
  const call = client.makeUnaryRequest(
    DEPOSIT,
    (bytes: Buffer) => bytes,
    (bytes) => bytes,
    Buffer.alloc(1_000),
    () => undefined,
  );
  call.cancel();
  const late = await send(DEPOSIT, Buffer.alloc(1_000), Date.now() - 1);
  expect(late).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
});

function send(path: string, bytes: Buffer, deadline = Date.now() + 10_000): Promise<RefusedCall> {
  return new Promise((resolve, reject) => {
    const answered = (error: ServiceError | null) => {
      if (error === null) reject(new Error('the call was answered'));
      else resolve(refusedCall(error));
    };
    client.makeUnaryRequest(
      path,
      (raw: Buffer) => raw,
      (raw) => raw,
      bytes,
      { deadline },
      answered,
    );
  });
}

/** A request as gRPC frames it. */
function frame(bytes: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Sends bytes below gRPC, and returns the headers and trailers that come back; none if the stream was reset. */
async function overHttp2(
  path: string,
  bytes: Buffer,
  headers: Record<string, string> = {},
): Promise<IncomingHttpHeaders> {
  const session = connectHttp2(`http://${bank.address}`);
  try {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    const received: IncomingHttpHeaders = {};
    const take = (headers: IncomingHttpHeaders) => {
      Object.assign(received, headers);
    };
    stream.on('response', take).on('trailers', take);
    stream.on('error', () => undefined).resume();
    stream.end(bytes);
    await new Promise((resolve) => stream.once('close', resolve));
    return received;
  } finally {
    session.destroy();
  }
}
