"""The server around the pages: what it answers besides Streamlit, who is there, what is tidied up."""
