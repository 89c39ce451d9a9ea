// Generated from saved/schema.ts by test/schema.test.ts.

/** The JSON Schema of a saved submission. */
export const submissionSchema: Readonly<Record<string, unknown>> = {
  "title": "A saved submission of kexec-kit",
  "description": "What goes where in memory when another kernel is started. Whoever applies one owns the machine.",
  "type": "object",
  "properties": {
    "format": {
      "const": "kexec-kit submission"
    },
    "version": {
      "const": 1
    },
    "integrity": {
      "type": "string",
      "pattern": "^sha256:[0-9a-f]{64}$"
    },
    "submission": {
      "oneOf": [
        {
          "type": "object",
          "properties": {
            "method": {
              "const": "segments"
            },
            "loader": {
              "type": "object",
              "properties": {
                "name": {
                  "type": "string"
                },
                "version": {
                  "type": "string"
                }
              },
              "required": [
                "name",
                "version"
              ],
              "additionalProperties": false
            },
            "purpose": {
              "enum": [
                "normal",
                "crash"
              ],
              "type": "string"
            },
            "architecture": {
              "enum": [
                "x86_64",
                "i386"
              ],
              "type": "string"
            },
            "map": {
              "type": "object",
              "properties": {
                "fingerprint": {
                  "type": "string",
                  "pattern": "^[0-9a-f]{64}$"
                },
                "told": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "start": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "end": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "kind": {
                        "enum": [
                          "ram",
                          "reserved",
                          "acpi",
                          "nvs",
                          "unusable",
                          "persistent",
                          "persistent-legacy",
                          "soft-reserved"
                        ],
                        "type": "string"
                      }
                    },
                    "required": [
                      "start",
                      "end",
                      "kind"
                    ],
                    "additionalProperties": false
                  }
                },
                "usable": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "start": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "end": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      }
                    },
                    "required": [
                      "start",
                      "end"
                    ],
                    "additionalProperties": false
                  }
                },
                "crashKernel": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "start": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "end": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      }
                    },
                    "required": [
                      "start",
                      "end"
                    ],
                    "additionalProperties": false
                  }
                },
                "crash": {
                  "type": "object",
                  "properties": {
                    "systemRam": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "properties": {
                          "start": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          },
                          "end": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          }
                        },
                        "required": [
                          "start",
                          "end"
                        ],
                        "additionalProperties": false
                      }
                    },
                    "cpuNotes": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "properties": {
                          "cpu": {
                            "type": "number",
                            "minimum": 0
                          },
                          "start": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          },
                          "end": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          }
                        },
                        "required": [
                          "cpu",
                          "start",
                          "end"
                        ],
                        "additionalProperties": false
                      }
                    },
                    "vmcoreinfo": {
                      "type": "object",
                      "properties": {
                        "start": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "end": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        }
                      },
                      "required": [
                        "start",
                        "end"
                      ],
                      "additionalProperties": false
                    },
                    "kernel": {
                      "type": "object",
                      "properties": {
                        "start": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "end": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "virtualStart": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        }
                      },
                      "required": [
                        "start",
                        "end",
                        "virtualStart"
                      ],
                      "additionalProperties": false
                    },
                    "pageOffset": {
                      "type": "string",
                      "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                    }
                  },
                  "required": [
                    "systemRam",
                    "cpuNotes"
                  ],
                  "additionalProperties": false
                }
              },
              "required": [
                "fingerprint",
                "told",
                "usable"
              ],
              "additionalProperties": false
            },
            "sources": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "id": {
                    "type": "string"
                  },
                  "name": {
                    "type": "string"
                  },
                  "size": {
                    "type": "number",
                    "minimum": 0
                  },
                  "sha256": {
                    "type": "string",
                    "pattern": "^[0-9a-f]{64}$"
                  },
                  "decompressed": {
                    "type": "string"
                  }
                },
                "required": [
                  "id",
                  "name",
                  "size",
                  "sha256"
                ],
                "additionalProperties": false
              }
            },
            "facts": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "title": {
                    "type": "string"
                  },
                  "fields": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "properties": {
                        "name": {
                          "type": "string"
                        },
                        "value": {
                          "type": "string"
                        },
                        "offset": {
                          "type": "number",
                          "minimum": 0
                        },
                        "size": {
                          "type": "number",
                          "minimum": 0
                        },
                        "spec": {
                          "type": "string"
                        }
                      },
                      "required": [
                        "name",
                        "value"
                      ],
                      "additionalProperties": false
                    }
                  }
                },
                "required": [
                  "title",
                  "fields"
                ],
                "additionalProperties": false
              }
            },
            "diagnostics": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "code": {
                    "type": "string"
                  },
                  "severity": {
                    "enum": [
                      "error",
                      "warning",
                      "info"
                    ],
                    "type": "string"
                  },
                  "message": {
                    "type": "string"
                  },
                  "at": {
                    "type": "object",
                    "properties": {
                      "source": {
                        "type": "string"
                      },
                      "offset": {
                        "type": "number",
                        "minimum": 0
                      },
                      "field": {
                        "type": "string"
                      }
                    },
                    "required": [],
                    "additionalProperties": false
                  },
                  "found": {
                    "type": "string"
                  },
                  "expected": {
                    "type": "string"
                  },
                  "hint": {
                    "type": "string"
                  },
                  "spec": {
                    "type": "string"
                  }
                },
                "required": [
                  "code",
                  "severity",
                  "message"
                ],
                "additionalProperties": false
              }
            },
            "target": {
              "type": "object",
              "properties": {
                "name": {
                  "type": "string"
                },
                "handoff": {
                  "enum": [
                    "long64",
                    "protected32"
                  ],
                  "type": "string"
                },
                "maxSegments": {
                  "type": "number",
                  "minimum": 0
                },
                "addressEnd": {
                  "type": "string",
                  "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                },
                "maps": {
                  "enum": [
                    "ram",
                    "segments"
                  ],
                  "type": "string"
                },
                "callerAbi": {
                  "enum": [
                    "x86_64",
                    "i386"
                  ],
                  "type": "string"
                }
              },
              "required": [
                "name",
                "handoff",
                "maxSegments",
                "addressEnd",
                "maps",
                "callerAbi"
              ],
              "additionalProperties": false
            },
            "entry": {
              "type": "string",
              "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
            },
            "segments": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "start": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  },
                  "memorySize": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  },
                  "parts": {
                    "type": "array",
                    "items": {
                      "anyOf": [
                        {
                          "type": "object",
                          "properties": {
                            "bytes": {
                              "type": "string",
                              "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
                            }
                          },
                          "required": [
                            "bytes"
                          ],
                          "additionalProperties": false
                        },
                        {
                          "type": "object",
                          "properties": {
                            "source": {
                              "type": "string"
                            },
                            "offset": {
                              "type": "number",
                              "minimum": 0
                            },
                            "length": {
                              "type": "number",
                              "minimum": 0
                            }
                          },
                          "required": [
                            "source",
                            "offset",
                            "length"
                          ],
                          "additionalProperties": false
                        },
                        {
                          "type": "object",
                          "properties": {
                            "zeros": {
                              "type": "string",
                              "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                            }
                          },
                          "required": [
                            "zeros"
                          ],
                          "additionalProperties": false
                        },
                        {
                          "type": "object",
                          "properties": {
                            "fresh": {
                              "type": "number",
                              "minimum": 0
                            }
                          },
                          "required": [
                            "fresh"
                          ],
                          "additionalProperties": false
                        }
                      ]
                    }
                  },
                  "pieces": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "properties": {
                        "id": {
                          "type": "string"
                        },
                        "start": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "size": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "memorySize": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "why": {
                          "type": "string"
                        },
                        "search": {
                          "type": "array",
                          "items": {
                            "type": "object",
                            "properties": {
                              "wanted": {
                                "type": "string"
                              },
                              "chosen": {
                                "type": "string",
                                "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                              },
                              "refused": {
                                "type": "array",
                                "items": {
                                  "type": "object",
                                  "properties": {
                                    "start": {
                                      "type": "string",
                                      "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                                    },
                                    "end": {
                                      "type": "string",
                                      "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                                    },
                                    "reason": {
                                      "type": "string"
                                    }
                                  },
                                  "required": [
                                    "start",
                                    "end",
                                    "reason"
                                  ],
                                  "additionalProperties": false
                                }
                              }
                            },
                            "required": [
                              "wanted",
                              "refused"
                            ],
                            "additionalProperties": false
                          }
                        }
                      },
                      "required": [
                        "id",
                        "start",
                        "size",
                        "memorySize",
                        "search"
                      ],
                      "additionalProperties": false
                    }
                  }
                },
                "required": [
                  "start",
                  "memorySize",
                  "parts",
                  "pieces"
                ],
                "additionalProperties": false
              }
            },
            "mappings": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "start": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  },
                  "end": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  }
                },
                "required": [
                  "start",
                  "end"
                ],
                "additionalProperties": false
              }
            },
            "checked": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "name": {
                    "type": "string"
                  },
                  "start": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  },
                  "length": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  },
                  "sha256": {
                    "type": "string",
                    "pattern": "^[0-9a-f]{64}$"
                  }
                },
                "required": [
                  "name",
                  "start",
                  "length",
                  "sha256"
                ],
                "additionalProperties": false
              }
            },
            "copies": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "from": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  },
                  "to": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  },
                  "length": {
                    "type": "string",
                    "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                  }
                },
                "required": [
                  "from",
                  "to",
                  "length"
                ],
                "additionalProperties": false
              }
            },
            "lastWords": {
              "type": "string",
              "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
            }
          },
          "required": [
            "method",
            "loader",
            "purpose",
            "architecture",
            "map",
            "sources",
            "facts",
            "diagnostics",
            "target",
            "entry",
            "segments",
            "mappings",
            "checked"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "method": {
              "const": "file"
            },
            "loader": {
              "type": "object",
              "properties": {
                "name": {
                  "type": "string"
                },
                "version": {
                  "type": "string"
                }
              },
              "required": [
                "name",
                "version"
              ],
              "additionalProperties": false
            },
            "purpose": {
              "enum": [
                "normal",
                "crash"
              ],
              "type": "string"
            },
            "architecture": {
              "enum": [
                "x86_64",
                "i386"
              ],
              "type": "string"
            },
            "map": {
              "type": "object",
              "properties": {
                "fingerprint": {
                  "type": "string",
                  "pattern": "^[0-9a-f]{64}$"
                },
                "told": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "start": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "end": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "kind": {
                        "enum": [
                          "ram",
                          "reserved",
                          "acpi",
                          "nvs",
                          "unusable",
                          "persistent",
                          "persistent-legacy",
                          "soft-reserved"
                        ],
                        "type": "string"
                      }
                    },
                    "required": [
                      "start",
                      "end",
                      "kind"
                    ],
                    "additionalProperties": false
                  }
                },
                "usable": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "start": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "end": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      }
                    },
                    "required": [
                      "start",
                      "end"
                    ],
                    "additionalProperties": false
                  }
                },
                "crashKernel": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "start": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      },
                      "end": {
                        "type": "string",
                        "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                      }
                    },
                    "required": [
                      "start",
                      "end"
                    ],
                    "additionalProperties": false
                  }
                },
                "crash": {
                  "type": "object",
                  "properties": {
                    "systemRam": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "properties": {
                          "start": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          },
                          "end": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          }
                        },
                        "required": [
                          "start",
                          "end"
                        ],
                        "additionalProperties": false
                      }
                    },
                    "cpuNotes": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "properties": {
                          "cpu": {
                            "type": "number",
                            "minimum": 0
                          },
                          "start": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          },
                          "end": {
                            "type": "string",
                            "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                          }
                        },
                        "required": [
                          "cpu",
                          "start",
                          "end"
                        ],
                        "additionalProperties": false
                      }
                    },
                    "vmcoreinfo": {
                      "type": "object",
                      "properties": {
                        "start": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "end": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        }
                      },
                      "required": [
                        "start",
                        "end"
                      ],
                      "additionalProperties": false
                    },
                    "kernel": {
                      "type": "object",
                      "properties": {
                        "start": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "end": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        },
                        "virtualStart": {
                          "type": "string",
                          "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                        }
                      },
                      "required": [
                        "start",
                        "end",
                        "virtualStart"
                      ],
                      "additionalProperties": false
                    },
                    "pageOffset": {
                      "type": "string",
                      "pattern": "^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$"
                    }
                  },
                  "required": [
                    "systemRam",
                    "cpuNotes"
                  ],
                  "additionalProperties": false
                }
              },
              "required": [
                "fingerprint",
                "told",
                "usable"
              ],
              "additionalProperties": false
            },
            "sources": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "id": {
                    "type": "string"
                  },
                  "name": {
                    "type": "string"
                  },
                  "size": {
                    "type": "number",
                    "minimum": 0
                  },
                  "sha256": {
                    "type": "string",
                    "pattern": "^[0-9a-f]{64}$"
                  },
                  "decompressed": {
                    "type": "string"
                  }
                },
                "required": [
                  "id",
                  "name",
                  "size",
                  "sha256"
                ],
                "additionalProperties": false
              }
            },
            "facts": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "title": {
                    "type": "string"
                  },
                  "fields": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "properties": {
                        "name": {
                          "type": "string"
                        },
                        "value": {
                          "type": "string"
                        },
                        "offset": {
                          "type": "number",
                          "minimum": 0
                        },
                        "size": {
                          "type": "number",
                          "minimum": 0
                        },
                        "spec": {
                          "type": "string"
                        }
                      },
                      "required": [
                        "name",
                        "value"
                      ],
                      "additionalProperties": false
                    }
                  }
                },
                "required": [
                  "title",
                  "fields"
                ],
                "additionalProperties": false
              }
            },
            "diagnostics": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "code": {
                    "type": "string"
                  },
                  "severity": {
                    "enum": [
                      "error",
                      "warning",
                      "info"
                    ],
                    "type": "string"
                  },
                  "message": {
                    "type": "string"
                  },
                  "at": {
                    "type": "object",
                    "properties": {
                      "source": {
                        "type": "string"
                      },
                      "offset": {
                        "type": "number",
                        "minimum": 0
                      },
                      "field": {
                        "type": "string"
                      }
                    },
                    "required": [],
                    "additionalProperties": false
                  },
                  "found": {
                    "type": "string"
                  },
                  "expected": {
                    "type": "string"
                  },
                  "hint": {
                    "type": "string"
                  },
                  "spec": {
                    "type": "string"
                  }
                },
                "required": [
                  "code",
                  "severity",
                  "message"
                ],
                "additionalProperties": false
              }
            },
            "kernel": {
              "type": "string"
            },
            "initrds": {
              "type": "array",
              "items": {
                "type": "string"
              }
            },
            "commandLine": {
              "type": "string"
            }
          },
          "required": [
            "method",
            "loader",
            "purpose",
            "architecture",
            "map",
            "sources",
            "facts",
            "diagnostics",
            "kernel",
            "initrds",
            "commandLine"
          ],
          "additionalProperties": false
        }
      ]
    }
  },
  "required": [
    "format",
    "version",
    "integrity",
    "submission"
  ],
  "additionalProperties": false,
  "$schema": "http://json-schema.org/draft-07/schema#"
};
