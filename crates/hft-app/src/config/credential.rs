//! Keys that look like a credential. There is no such key: live order entry does not exist in this workspace, so there is
//! nothing to log in to, and a secret in a configuration file is a secret that leaks.

/// What the user is told; the value is not repeated.
pub(super) const SENTENCE: &str = "looks like a credential, and no key of this program holds one: \
     it sends no orders to anybody, so there is nothing to log in to. Remove it";

/// True for a key that looks like a credential.
pub(super) fn looks_like_one(key: &str) -> bool {
    let key = key.to_lowercase();
    let words: Vec<&str> = key.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let secret = |word: &&str| {
        matches!(
            *word,
            "secret"
                | "secrets"
                | "password"
                | "passwd"
                | "pwd"
                | "passphrase"
                | "token"
                | "tokens"
                | "credential"
                | "credentials"
                | "apikey"
                | "apisecret"
                | "accesskey"
                | "privatekey"
                | "bearer"
                | "jwt"
                | "auth"
                | "login"
        )
    };
    let pair = |pair: &[&str]| {
        matches!(pair, ["api" | "access" | "private" | "secret" | "signing" | "ssh", "key" | "keys" | "id"])
    };
    words.iter().any(secret) || words.windows(2).any(pair)
}
