using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>The positions of an export's elements according to the user's files, to be compared with the tables of the data file.</summary>
internal interface IElementPlaces
{
    /// <summary>Compares the positions with the data file.</summary>
    /// <returns>What could not be compared, as messages for the user; empty: everything agrees.</returns>
    /// <exception cref="BadInputException">An element has another position: the maps would be wrong.</exception>
    IReadOnlyList<string> Compare(Hdf5ReadFile data);
}
