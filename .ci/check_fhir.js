// The bundle holds against the definitions of FHIR R4: no error, no element that R4 does not have.
const { readFileSync } = require("fs");
const { Fhir } = require("fhir");

const bundle = JSON.parse(readFileSync(process.argv[2]));
const { valid, messages } = new Fhir().validate(bundle, { errorOnUnexpected: true });
// Specialties are treatment functions; FHIR prefers its own list and leaves others be.
const isOther = ({ severity, message }) =>
  severity === "warning" && /^Code "\w+" +not found in value set$/.test(message);
const wrong = messages.filter((message) => !isOther(message));
if (!valid || wrong.length > 0 || bundle.entry.length === 0) {
  console.error(wrong.slice(0, 20));
  process.exit(1);
}
// A validator that finds nothing wrong in anything is none.
bundle.entry.find(({ resource }) => resource.resourceType === "Slot").resource.status = "empty";
if (new Fhir().validate(bundle, { errorOnUnexpected: true }).valid) {
  console.error("the validator does not validate");
  process.exit(1);
}
console.log(`${bundle.entry.length} resources`);
