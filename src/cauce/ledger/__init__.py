"""The ledger: sources, observations, transactions, commitments and claims."""
