// Writes docs/api/ from the docstrings of what is exported.
import { writeApiReference } from "./api-reference";
import { install } from "./install";
import { docs } from "./paths";

install();
writeApiReference(docs);
