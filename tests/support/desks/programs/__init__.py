"""Programs to be dictated into: each logs what its field holds, and when. They import nothing of the project."""
