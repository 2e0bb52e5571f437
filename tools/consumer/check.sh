#!/usr/bin/env bash
# Installs the packages as npm would publish them into a fresh project outside this one, compiles a user's first program against
# their types and runs it. Needs the built packages (npx nx run-many -t build) and the npm registry.
#   bash tools/consumer/check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
for package in packages/*/; do (cd "$package" && npm pack --silent --pack-destination "$project" >/dev/null); done
cp tools/consumer/train.mts "$project/"
cd "$project"
echo 'onnxruntime-node-install=skip' >.npmrc # without it the install fetches a CUDA build of some 400 MB
npm init -y >/dev/null
npm install --no-audit --no-fund ./*.tgz typescript@6.0.3 @types/node@20
# tfjs 4.22 ships declarations that do not check on their own, hence skipLibCheck
npx tsc --module nodenext --target es2023 --strict --skipLibCheck --types node train.mts
node train.mjs
