"""The seed's four calls, by a client made from the seed's proto with stock tools: python3 four_calls.py STUBS ADDRESS."""

import json
import sys

import grpc

sys.path.insert(0, sys.argv[1])
import bank_pb2  # noqa: E402
import bank_pb2_grpc  # noqa: E402

with grpc.insecure_channel(sys.argv[2]) as channel:
    bank = bank_pb2_grpc.BankStub(channel)

    def call(method, request):
        try:
            answer = method(request, timeout=10)
            return {"status": "OK", "answer": getattr(answer, "result", None) or answer.balance}
        except grpc.RpcError as error:
            return {"status": error.code().name}

    answers = [
        call(bank.InitializeBranch, bank_pb2.InitializeBranchRequest(branch_id=1, initial_balance=1000)),
        call(bank.InitializeBranch, bank_pb2.InitializeBranchRequest(branch_id=1, initial_balance=1000)),
        call(bank.Deposit, bank_pb2.DepositRequest(customer_id=1, amount=100)),
        call(bank.Withdraw, bank_pb2.WithdrawRequest(customer_id=1, amount=50)),
        call(bank.Withdraw, bank_pb2.WithdrawRequest(customer_id=1, amount=51)),
        call(bank.Query, bank_pb2.QueryRequest(customer_id=1)),
        call(bank.Query, bank_pb2.QueryRequest(customer_id=11)),
        call(bank.Deposit, bank_pb2.DepositRequest(customer_id=2, amount=100)),
        call(bank.Deposit, bank_pb2.DepositRequest(customer_id=1, amount=-100)),
    ]

print(json.dumps(answers))
