#!/bin/bash
# usage: qsub -t 1-40 my-array.sh RUN PROGRAMS        ('hpcfit plan' prints RUN and the number of jobs; PROGRAMS is HpcFit's folder)
# For manual submission to Grid Engine: a plain array whose tasks fit the jobs of a plan's first round. Copy it and adapt it to your needs;
# PBS (qsub -J 1-40) and LSF (bsub -J "hpcfit[1-40]") need other lines here and the same command.
#$ -N hpcfit
#$ -S /bin/bash
#$ -cwd
#$ -j y
#$ -l h_rt=1:00:00

# module load hdf5
exec "$2/hpcfit-worker" fit --run "$1" --round 1 --first-task 1 --threads "${NSLOTS:-1}"
