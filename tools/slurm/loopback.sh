#!/bin/bash
# Runs a grid of trainer:experiment as a job array of a Slurm that lives on this machine alone, and writes its tables.
#
#   sudo apt-get install slurmctld slurmd slurm-client munge
#   npx nx build trainer
#   sudo tools/slurm/loopback.sh [grid.yaml]
#
# Munge, controller and node daemon are its own: keys, ports, logs and state stay in a temporary folder, and end with it.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
grid=${1:-}
if [ -z "$grid" ]; then
  grid=$work/grid.yaml
  sed "s#^output: .*#output: $work/grid#" tools/slurm/grid.yaml > "$grid"
fi
output=$(sed -n 's/^output: *//p' "$grid")
host=$(hostname -s)

stop() {
  for name in slurmd slurmctld munged; do
    [ -f "$work/$name.pid" ] && kill "$(cat "$work/$name.pid")" 2> /dev/null
  done
  sleep 1
  rm -rf "$work"
}
trap stop EXIT

mkdir -p "$work"/{state,spool}
chmod 755 "$work"
dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 status=none
chmod 600 "$work/munge.key"
munged --force --socket="$work/munge.socket" --key-file="$work/munge.key" --pid-file="$work/munged.pid" \
  --log-file="$work/munged.log" --seed-file="$work/munge.seed"

cat > "$work/slurm.conf" << CONF
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(free -m | awk '/Mem:/ {print $2}')
PartitionName=local Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld -c
slurmd -c
for _ in $(seq 30); do sinfo -h -o %T 2> /dev/null | grep -q idle && break || sleep 1; done
sinfo

node apps/trainer/dist/main.js experiment --config="$grid" --slurm
sbatch --wait "$output/jobs.sbatch" || echo "a job of the array failed"
node apps/trainer/dist/main.js experiment --config="$grid" --report
