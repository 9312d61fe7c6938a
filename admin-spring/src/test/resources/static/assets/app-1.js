// Stands in for a file of the console.
