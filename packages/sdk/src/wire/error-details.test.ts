import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErrorInfo } from '../gen/google/rpc/error_details.js';
import { Status } from '../gen/google/rpc/status.js';
import { decodeErrorDetail, encodeErrorDetail } from './error-details.js';

function statusWith(typeUrl: string, value: Uint8Array): Uint8Array {
  return Status.encode({ code: 9, message: '', details: [{ typeUrl, value: Buffer.from(value) }] }).finish();
}

describe('error details', () => {
  test('come back as they were packed', () => {
    const metadata = { account: '17-1042-02', available: '5' };
    const bytes = encodeErrorDetail(9, 'no', { reason: 'INSUFFICIENT_FUNDS', metadata });
    expect(decodeErrorDetail(bytes)).toEqual({ reason: 'INSUFFICIENT_FUNDS', metadata, replayed: false });
    const again = encodeErrorDetail(9, 'no', { reason: 'INSUFFICIENT_FUNDS', metadata, replayed: true });
    expect(decodeErrorDetail(again)).toEqual({ reason: 'INSUFFICIENT_FUNDS', metadata, replayed: true });
  });

  test('are a google.rpc.Status with an ErrorInfo of the domain giro, for any client to read', () => {
    const bytes = encodeErrorDetail(9, 'no', { reason: 'ID_REUSED', metadata: { field: 'to' } });
    const { code, message, details } = Status.decode(bytes);
    expect([code, message, details[0]?.typeUrl]).toEqual([
      9,
      'no',
      'type.googleapis.com/google.rpc.ErrorInfo',
    ]);
    expect(ErrorInfo.decode(details[0]?.value ?? Buffer.alloc(0))).toEqual({
      reason: 'ID_REUSED',
      domain: 'giro',
      metadata: { field: 'to' },
    });
  });

  test("others' details are passed over", () => {
    const foreign = ErrorInfo.encode({ reason: 'ID_REUSED', domain: 'example.com', metadata: {} }).finish();
    expect(
      decodeErrorDetail(statusWith('type.googleapis.com/google.rpc.ErrorInfo', foreign)),
    ).toBeUndefined();
    expect(
      decodeErrorDetail(statusWith('type.googleapis.com/google.rpc.DebugInfo', foreign)),
    ).toBeUndefined();
  });

  test('damaged bytes are no details, and never an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeErrorDetail(bytes)).not.toThrow();
        const nested = statusWith('type.googleapis.com/google.rpc.ErrorInfo', bytes);
        expect(() => decodeErrorDetail(nested)).not.toThrow();
      }),
    );
  });
});
