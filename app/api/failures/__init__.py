"""Translation of network failures and of providers' error answers into `domain.errors`."""
