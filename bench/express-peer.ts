import type { AddressInfo } from 'node:net';
import express from 'express';

/** Express that answers every request with the same JSON, about as long as a receipt: what REST costs without a bank. */
const ANSWER = {
  id: '0198b8ad-5e5e-7000-8000-000000000001',
  time: '2026-01-01T00:00:00.000Z',
  timeMicros: '1767225600000000',
  positions: [{ branch: 1, position: '1', seal: { position: '1', hash: '0'.repeat(64) } }],
  balance: { amount: '1', currency: 'USD' },
};

const app = express();
app.disable('x-powered-by');
app.post('/v1/transfers', (_request, response) => {
  response.status(201).json(ANSWER);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: true, port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit());
