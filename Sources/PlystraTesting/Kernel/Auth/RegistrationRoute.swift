import PlystraCore

/// What a new user asks for, checked.
private struct RegistrationForm {
  let email: String
  let password: Secret
  let username: String?
  let phone: String?
  let spaceName: String
  let memberDisplayName: String

  /// A password has so many characters at least.
  private static let shortestPassword = 12
  /// A password has so many bytes at most.
  private static let longestPasswordBytes = 1024

  init(_ body: JSONObject) throws(KernelFailure) {
    email = Directory.normalizedEmail(body.text("email"))
    guard !email.isEmpty else { throw .validation("email is required.") }
    guard email.contains("@") else { throw .validation("email must be valid.") }
    let password = body.text("password")
    guard password.nonBlank != nil else { throw .validation("password must not be empty.") }
    guard password.unicodeScalars.count >= Self.shortestPassword else {
      throw .validation("password must be at least \(Self.shortestPassword) characters.")
    }
    guard password.utf8.count <= Self.longestPasswordBytes else { throw .validation("password is too long.") }
    self.password = Secret(password)
    username = body.text("username").nonBlank
    phone = body.text("phone").nonBlank
    spaceName = body.text("space_name").nonBlank ?? "Default Space"
    memberDisplayName =
      body.text("member_display_name").nonBlank ?? username
      ?? email.split(separator: "@").first.map(String.init) ?? email
  }
}

extension Exchange {
  /// The space in which everybody who registers gets a member; the first one names it.
  private static let registrationSpaceID = "space_default"

  func register(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    guard state.registration == .open else { throw .registrationDisabled }
    let form = try RegistrationForm(try body())
    try refuseTaken(form, in: state.directory)
    let user = KernelSeed.User(id: "user_" + randomHex(16), email: form.email, password: form.password)
    let member = KernelSeed.Member(
      id: "member_" + randomHex(16), spaceID: Self.registrationSpaceID,
      displayName: form.memberDisplayName)
    let binding = KernelSeed.UserMember(
      id: "um_" + randomHex(16), userID: user.id, memberID: member.id,
      spaceID: Self.registrationSpaceID, isPrimary: true)
    state.directory.register(
      user, as: member, through: binding,
      in: KernelSeed.Space(id: Self.registrationSpaceID, name: form.spaceName),
      username: form.username, phone: form.phone)

    let bindings = state.directory.usableBindings(of: user.id, now: now)
    guard let active = bindings.first else {
      throw .activeMemberRequired("User has no active Member binding.")
    }
    let session = state.sessions.begin(
      userID: user.id, bindingID: binding.id, now: now, randomHex: randomHex)
    var answer = Self.loginAnswer(session.tokens, user: user, active: active, bindings: bindings)
    answer["bootstrap_super_admin"] = false
    answer["space_admin_grant_id"] = .string("grant_" + randomHex(16))
    answer["registration_mode"] = "ordinary"
    answer["user_only"] = false
    answer["registration_requires_approval"] = false
    return KernelReply(.object(answer), status: 201)
  }

  private func refuseTaken(_ form: RegistrationForm, in directory: Directory) throws(KernelFailure) {
    if directory.user(email: form.email) != nil { throw .userExists("email") }
    if let username = form.username, directory.isTaken(username: username) { throw .userExists("username") }
    if let phone = form.phone, directory.isTaken(phone: phone) { throw .userExists("phone") }
  }
}
