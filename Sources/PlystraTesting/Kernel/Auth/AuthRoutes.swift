import PlystraCore

// Login, refresh and logout (contract §1 and §7). They look at no credential that a request may carry.
extension Exchange {
  func login(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let body = try body()
    let email = Directory.normalizedEmail(body.text("email"))
    var keys: [LoginLimiter.Key] = [.remoteAddress(request.remoteAddress)]
    if !email.isEmpty { keys.append(.email(ExactText(email))) }
    if let seconds = state.loginLimiter.secondsLocked(keys, now: now) { throw .loginLocked(seconds: seconds) }

    guard let user = state.directory.user(email: email), user.status == "active",
      user.password == Secret(body.text("password"))
    else {
      state.loginLimiter.recordFailure(keys, now: now)
      throw state.loginLimiter.secondsLocked(keys, now: now).map { .loginLocked(seconds: $0) }
        ?? .loginRefused
    }
    state.loginLimiter.reset(keys)

    let bindings = state.directory.usableBindings(of: user.id, now: now)
    guard let active = bindings.first else {
      throw .activeMemberRequired("User has no active Member binding.")
    }
    let session = state.sessions.begin(
      userID: user.id, bindingID: active.binding.id, now: now, randomHex: randomHex)
    return KernelReply(
      .object(Self.loginAnswer(session.tokens, user: user, active: active, bindings: bindings)))
  }

  func refresh(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let token = Secret(try body().text("refresh_token"))
    guard let tokens = state.sessions.rotate(refreshToken: token, now: now, randomHex: randomHex) else {
      throw .sessionExpired
    }
    return KernelReply(.object(Self.tokenAnswer(tokens)))
  }

  /// A logout without a refresh token, or with one that is not known, ends nothing and still succeeds.
  func logout(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    state.sessions.end(refreshToken: Secret(try body().text("refresh_token")))
    return KernelReply(["logged_out": true])
  }

  // MARK: Answers

  /// What login and registration answer alike.
  static func loginAnswer(
    _ tokens: SessionTokens, user: KernelSeed.User, active: Directory.UsableBinding,
    bindings: [Directory.UsableBinding]
  ) -> JSONObject {
    var answer = tokenAnswer(tokens)
    answer["user"] = userAnswer(user)
    answer["actor"] = active.actorAnswer
    answer["available_members"] = .array(bindings.map(\.memberAnswer))
    return answer
  }

  private static func tokenAnswer(_ tokens: SessionTokens) -> JSONObject {
    [
      "access_token": .string(tokens.access.withExposedValue { $0 }),
      "refresh_token": .string(tokens.refresh.withExposedValue { $0 }),
      "token_type": "Bearer", "expires_at": wholeSeconds(tokens.accessExpiry),
      "refresh_expires_at": wholeSeconds(tokens.refreshExpiry),
    ]
  }

  private static func userAnswer(_ user: KernelSeed.User) -> JSONValue {
    ["id": .string(user.id), "email": .string(user.email), "status": .string(user.status)]
  }
}

extension Directory.UsableBinding {
  /// The identity that acting through the binding gives.
  var actorAnswer: JSONValue {
    [
      "user_id": .string(binding.userID), "member_id": .string(binding.memberID),
      "user_member_id": .string(binding.id), "space_id": .string(binding.spaceID),
    ]
  }

  /// The binding as one of those to choose from.
  var memberAnswer: JSONValue {
    [
      "user_member_id": .string(binding.id), "user_id": .string(binding.userID),
      "user_email": .string(userEmail), "member_id": .string(binding.memberID),
      "member_display_name": .string(memberDisplayName), "space_id": .string(binding.spaceID),
      "space_name": .string(spaceName), "relation_type": .string(binding.relationType),
      "is_primary": .bool(binding.isPrimary),
    ]
  }
}
