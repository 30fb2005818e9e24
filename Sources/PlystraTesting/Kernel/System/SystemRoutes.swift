import PlystraCore

// What the service says about itself, and its registry of resource types.
extension Exchange {
  func health(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    KernelReply(["status": "ok"])
  }

  func ready(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    guard state.isReady else { throw .notReady }
    return KernelReply([
      "status": "ready", "schema_version": "017", "expected_schema_version": "017",
      "trace_version": "1.0", "system_capabilities": ["authorization.resource": "ready"],
      "plugins": ["enabled": 0],
    ])
  }

  func version(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    KernelReply([
      "core_version": "0.0.1", "api_version": "v1", "schema_version": "017",
      "expected_schema_version": "017", "trace_version": "1.0", "plugin_api_version": "1.0",
      "resource_registry_version": "1.0", "build_time": "2026-05-31T07:20:16Z",
    ])
  }

  func listCapabilities(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    try requireUnlimited(.readCapabilities, state)
    return KernelReply(.array(BuiltinCapability.all.map(\.answer)))
  }

  /// Every type at once: the service ignores `limit` here.
  func listResourceTypes(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    try requireUnlimited(.readResourceRegistry, state)
    return KernelReply(list: state.registry.rows, limit: 50)
  }

  /// Refuses credentials that reach some spaces only: what the route shows belongs to no space.
  private func requireUnlimited(
    _ permission: PermissionKey, _ state: KernelState
  ) throws(KernelFailure) {
    let authority = try state.authority(of: request, for: permission, now: now)
    guard authority.isUnlimited else { throw authority.outOfReach }
  }
}
