#!/bin/bash
# Whether the service of this container is ready: Docker asks every few seconds. The image has no curl, and a Node
# process for each look would cost a hundred times as much.
declare -A usual=([pingback]=5801 [scanner]=5802 [gateway]=5806 [node]=5809 [exchange]=5811)
port=${KITH_OPERATIONS_PORT:-${usual[$APP]}}
if [ "$port" = off ]; then exit 0; fi
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r _ status _ <&3
[ "$status" = 200 ]
