"""Says how right the output is: accuracy against goldens, the review page, editions compared, contradictions in one."""
