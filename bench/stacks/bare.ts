// A CDKTF app with as little in it as one can have: what the synth benchmark compares with.
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { App, TerraformStack } from "cdktf";

const app = new App();
const stack = new TerraformStack(app, "bare");
new AzurermProvider(stack, "azurerm", { features: [{}] });
new ResourceGroup(stack, "group", { name: "bare", location: "westeurope" });
app.synth();
