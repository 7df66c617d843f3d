#!/bin/bash
# usage: sbatch --array=0-39 my-array.sh RUN        (RUN and the last number are what 'hpcfit plan' printed)
# For those who want no magic: a plain array whose tasks fit the jobs of a plan's first round. Copy it and change what you like.
#SBATCH --job-name=hpcfit
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=01:00:00
#SBATCH --output=hpcfit-%A_%a.out
#SBATCH --open-mode=append

# module load hdf5
exec hpcfit-worker fit --run "$1" --round 1 --threads "${SLURM_CPUS_PER_TASK:-1}"
