"""Says how right the output is: accuracy against goldens, the review page, two editions compared, contradictions within one."""
