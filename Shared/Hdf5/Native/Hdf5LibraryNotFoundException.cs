using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5.Native;

/// <summary>No usable libhdf5 on this machine. The message lists all locations tried and how to install the library.</summary>
/// <param name="message">The complete message.</param>
/// <param name="inner">The loader's failure, if a library was named explicitly.</param>
public sealed class Hdf5LibraryNotFoundException(string message, Exception? inner = null) : BadInputException(message, inner);
