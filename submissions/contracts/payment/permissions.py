"""Names of what one may do about payments. Imports nothing of the project."""

from __future__ import annotations

PAY = "submissions.pay_contract"
APPROVE = "submissions.approve_invoice"
READ = "submissions.read_invoice"
