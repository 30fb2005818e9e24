import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who asks, and how far that credential reaches.
struct Authority {
  enum Credential {
    case apiKey
    case session(Session)
  }

  enum Reach {
    /// Everywhere.
    case instance
    /// These spaces only.
    case spaces([String])
  }

  let credential: Credential
  /// What it was asked for, and has.
  let permission: PermissionKey
  let reach: Reach

  /// Whether the credential reaches everywhere.
  var isUnlimited: Bool {
    if case .instance = reach { true } else { false }
  }

  /// The refusal of what lies beyond the reach.
  var outOfReach: KernelFailure { .permissionRequired(permission) }

  /// Whether the credential reaches a space.
  func reaches(spaceID: String) -> Bool {
    switch reach {
    case .instance: true
    case .spaces(let spaces): spaces.contains { $0.isExactly(spaceID) }
    }
  }
}

extension KernelState {
  /// The session of the request's access token.
  func session(of request: KernelRequest, now: Date) throws(KernelFailure) -> Session {
    guard let token = request.accessToken,
      let session = sessions.session(accessToken: token, now: now)
    else { throw .sessionRequired }
    return session
  }

  /// Who asks on a server route: the API key if there is one, else the access token; and whether it may.
  func authority(
    of request: KernelRequest, for permission: PermissionKey, now: Date
  ) throws(KernelFailure) -> Authority {
    if let text = request.apiKey {
      guard let key = apiKeys[text] else { throw .authenticationRequired }
      guard key.permissionKeys.contains(where: permission.isIncluded) else {
        throw .permissionRequired(permission)
      }
      return Authority(credential: .apiKey, permission: permission, reach: key.reach)
    }
    guard let token = request.accessToken,
      let session = sessions.session(accessToken: token, now: now)
    else { throw .authenticationRequired }
    if directory.isSuperAdministrator(session.userID) {
      return Authority(credential: .session(session), permission: permission, reach: .instance)
    }
    let spaces = directory.spacesAdministered(by: session.userID)
    guard !spaces.isEmpty else { throw .permissionRequired(permission) }
    return Authority(credential: .session(session), permission: permission, reach: .spaces(spaces))
  }
}

extension KernelSeed.APIKey {
  fileprivate var reach: Authority.Reach {
    switch level {
    case .instance: .instance
    case .space(let id): .spaces([id])
    }
  }
}
