"""Every figure: arrays in, a Plotly figure or a picture out. Knows neither Streamlit nor PyTorch."""
