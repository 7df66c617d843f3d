#!/bin/bash
# usage: sbatch --array=0-39 my-array.sh RUN        ('hpcfit plan' prints RUN and the last number)
# For manual submission: a plain array whose tasks fit the jobs of a plan's first round. Copy it and adapt it to your needs.
#SBATCH --job-name=hpcfit
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=01:00:00
#SBATCH --output=hpcfit-%A_%a.out
#SBATCH --open-mode=append

# module load hdf5
exec hpcfit-worker fit --run "$1" --round 1 --threads "${SLURM_CPUS_PER_TASK:-1}"
