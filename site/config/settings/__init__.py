"""Settings: `dev` for trying and developing, `test` for the tests, `production` for everything else."""
