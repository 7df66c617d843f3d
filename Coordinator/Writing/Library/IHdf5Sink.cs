using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>The receiver of a write's steps: an open file, or the process that has it open.</summary>
internal interface IHdf5Sink
{
    /// <summary>Removes an existing link, and with it the object if no other link refers to it.</summary>
    void Delete(string path);

    /// <summary>Gives an existing object another path, which does not exist and whose parent does.</summary>
    void Rename(string from, string to);

    /// <summary>Creates a group if missing, including its parents.</summary>
    void CreateGroup(string path);

    /// <summary>Creates a dataset, including its parent groups; the following values belong to it.</summary>
    void CreateDataset(DatasetLayout layout);

    /// <summary>Stores an encoded chunk of the last dataset.</summary>
    /// <param name="origin">Its first value, one number per axis.</param>
    /// <param name="filterMask">Bit i set: filter i was skipped for this chunk.</param>
    /// <param name="stored">The encoded chunk.</param>
    void WriteChunk(IReadOnlyList<long> origin, uint filterMask, ReadOnlySpan<byte> stored);

    /// <summary>Writes values of the last dataset through the library.</summary>
    /// <param name="region">The region.</param>
    /// <param name="values">The values: C order, little-endian, packed.</param>
    void WriteRegion(Region region, ReadOnlySpan<byte> values);

    /// <summary>
    /// Creates an attribute of a group or dataset; an existing one gets the value, and must have the same type and shape.
    /// </summary>
    void WriteAttribute(string owner, AttributeContent attribute);

    /// <summary>Passes everything so far to the system, so that it is in the file even if the writer is killed.</summary>
    void Flush();

    /// <summary>Copies an object of another file to the same path, with its attributes and, for a group, everything below it.</summary>
    void CopyObject(string sourceFile, string path);

    /// <summary>Copies the attributes of an object of another file to the existing object of the same path.</summary>
    void CopyAttributes(string sourceFile, string path);
}
