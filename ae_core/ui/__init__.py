"""All of the app that knows Streamlit: the sidebar, the visitor's current run, the parts of a page."""
