import PlystraCore
import PlystraTesting

/// What the command line asks for.
enum Arguments {
  case help
  case serve(port: Int, seedFile: String?, logs: Bool)

  /// Why a command line makes no sense.
  struct Fault: Error, CustomStringConvertible {
    let description: String

    init(description: String) { self.description = OneLine.text(description) }
  }

  /// The demo data's credentials, taken from it, so that this text cannot be wrong about them.
  private enum Demo {
    static let apiKey = KernelSeed.demo.apiKeys.map { $0.key.withExposedValue { $0 } }.joined(separator: ", ")
    static let logins = KernelSeed.demo.users.map(\.email).joined(separator: " and ")
    static let password = Set(KernelSeed.demo.users.map { $0.password.withExposedValue { $0 } })
      .joined(separator: ", ")
  }

  static let usage = """
    Usage: plystra-kernel --port N [--seed FILE] [--log]

    Serves a whole Plystra service in memory on 127.0.0.1, to clients in any language.
    The first line on standard output says where: listening on http://127.0.0.1:PORT
    SIGTERM and SIGINT end it with status 0.

      --port N     the port, 0…65535; 0 takes a free one
      --seed FILE  a JSON file of what the service knows; without it, the demo data of the documentation
      --log        one line for each request on standard error: method, path, status and decision; never a
                   credential, query, header field or body
      --help       this text

    The demo data, to try it with:

      API key      \(Demo.apiKey) (everywhere, all permissions), in the header field X-Plystra-API-Key
      logins       \(Demo.logins), password \(Demo.password)
      allowed      invoice.approve on invoice_001 (group finance.apac) by member_finance_reviewer in space_acme
      denied       the same on invoice_002 (group legal.emea): SCOPE_OUT_OF_BOUNDS

    Every key of a seed file is optional: an absent one keeps the demo data, an empty value means none.

      resource_types        {"invoice": ["approve", "reject"]}
      api_keys              [{key, level: "instance" or "space", space_id?, permission_keys: ["*"]}]
      users                 [{id, email, password, status?}]
      super_administrators  ["user_alice"]
      spaces                [{id, name?, status?}]
      groups                [{id, space_id, path, status?}]
      members               [{id, space_id, display_name?, status?}]
      user_members          [{id, user_id, member_id, space_id, relation_type?, status?, is_primary?, expires_at?}]
      roles                 [{id, key?, space_id, permissions: [{id?, resource, action, scope}]}]
      grants                [{member_id, role_id or role_key, space_id?,
                              scope_anchor_group_id or scope_anchor_group_path?}]
      resources             [{id, type, external_id?, space_id, group_id or group_path?, owner_member_id?,
                              display_name?, visibility?, status?, metadata?}]
      registration          "closed" or "open"
    """

  /// Reads the arguments behind the program's name; `--name value` and `--name=value` are the same.
  init(_ arguments: some Sequence<String>) throws(Fault) {
    var values: [String: String] = [:]
    var logs = false
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      if argument == "--help" || argument == "-h" {
        self = .help
        return
      }
      if argument == "--log" {
        logs = true
        continue
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard ["--port", "--seed"].contains(name) else {
        throw Fault(description: "unknown argument \"\(argument)\"")
      }
      guard let value = parts.count == 2 ? String(parts[1]) : rest.next(), !value.isEmpty else {
        throw Fault(description: "\(name) needs a value")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw Fault(description: "\(name) is given twice")
      }
    }
    guard let text = values["--port"] else { throw Fault(description: "--port is missing") }
    guard let port = Int(text), (0...65_535).contains(port) else {
      throw Fault(description: "--port takes a number from 0 to 65535, not \"\(text)\"")
    }
    self = .serve(port: port, seedFile: values["--seed"], logs: logs)
  }
}
