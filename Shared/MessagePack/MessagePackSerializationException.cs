namespace HpcFit.Shared.MessagePack;

/// <summary>Bytes that are not the MessagePack that was expected. Named as in MessagePack-CSharp.</summary>
/// <param name="message">What was found, what was expected.</param>
public sealed class MessagePackSerializationException(string message) : Exception(message);
