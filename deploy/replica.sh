# One replica: the app, and with BOTTLENECK_RAY_ADDRESS a node without cores that ties it to the Ray cluster.
# When either ends, all ends, for the host to start it again.

trap exit INT TERM
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT

if [ -n "$BOTTLENECK_RAY_ADDRESS" ]; then
    ray start --address="$BOTTLENECK_RAY_ADDRESS" --num-cpus=0 --object-store-memory=200000000 --block &
fi
python -m streamlit run app.py --server.headless=true \
    --server.address="${ADDRESS:-0.0.0.0}" --server.port="${PORT:-8501}" &
wait -n
