// An application of PlystraCurlTransport that makes one decision: consumer URL CERTIFICATE-AUTHORITIES.
// Scripts/check-consumer looks at what it links; Scripts/measure-start at its size and the time that it takes.
import PlystraCore
import PlystraCurlTransport

let transport = try CurlTransport(
  configuration: TransportConfiguration(certificateAuthorities: .file(CommandLine.arguments[2])))
let plystra = try PlystraClient(
  baseURL: CommandLine.arguments[1], apiKey: "ply_kernel_secret", transport: transport)
let decision = try await plystra.authz.check(
  .inContext(
    actor: ActorContext(
      userID: "user_external_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
      bindingID: "binding_external_alice_finance"),
    resource: ResourceContext(
      type: "invoice", externalID: "invoice_001", spaceID: "space_acme", groupPath: "finance.apac"),
    grants: [
      Grant(
        scope: .groupTree, resource: "invoice", roleKey: "finance_approver", scopeAnchorGroupPath: "finance")
    ],
    action: "approve"))
print(decision.isAllowed ? "allow" : "deny")
