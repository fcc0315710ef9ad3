import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { TransferRequest, TransferResponse } from '@giro/sdk/protocol';
import { accountIds, INITIAL_BALANCE } from './accounts.js';
import { transferMethod } from './transfer-method.js';

/** A bank in the shape of the seed: balances in memory, one call for one transfer, nothing durable, hardly a rule. */
const balances = new Map(accountIds().map((id) => [id, INITIAL_BALANCE]));

const implementation: UntypedServiceImplementation = {
  transfer(
    { request }: ServerUnaryCall<TransferRequest, TransferResponse>,
    answer: sendUnaryData<TransferResponse>,
  ) {
    const { id, from, to, amount } = request;
    const [debited, credited] = [balances.get(from), balances.get(to)];
    if (debited === undefined || credited === undefined || amount === undefined || debited < amount.amount) {
      answer(new Error('no such account, or insufficient funds'));
      return;
    }
    balances.set(from, debited - amount.amount);
    balances.set(to, credited + amount.amount);
    const balance = { amount: debited - amount.amount, currency: amount.currency };
    answer(null, { receipt: { id, time: undefined, positions: [], balance, replayed: false } });
  },
};

const server = new Server();
server.addService({ transfer: transferMethod }, implementation);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.send?.({ ready: true, port });
});
process.on('disconnect', () => process.exit());
