import { Client, credentials } from '@grpc/grpc-js';
import { newWriteId, type TransferRequest, type TransferResponse } from '@giro/sdk/protocol';
import { transfers } from './bank-operation.js';
import { runClosedLoop, type Load } from './closed-loop.js';
import { inTurn } from './in-turn.js';
import type { Measurement } from './measurement.js';
import { transferMethod } from './transfer-method.js';

/** Calls the peer that speaks plain grpc-js, as its users would: one call for one transfer. */
export async function measureGrpc(address: string, load: Load): Promise<Measurement> {
  const client = new Client(address, credentials.createInsecure());
  const next = inTurn(transfers('uniform'));
  try {
    return await runClosedLoop(
      () => {
        const { from, to, amount } = next();
        return callTransfer(client, { id: newWriteId(), from, to, amount, options: undefined });
      },
      1,
      load,
    );
  } finally {
    client.close();
  }
}

function callTransfer(client: Client, request: TransferRequest): Promise<TransferResponse | undefined> {
  const { path, requestSerialize, responseDeserialize } = transferMethod;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}
