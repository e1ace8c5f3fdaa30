"""How the heads were made, from data that lies outside of the repository. See the cards."""
